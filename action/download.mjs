// usage: node download.mjs ADDRESS LONGEST FILE: fetches at most so many bytes into a new file.
import { createWriteStream } from 'node:fs';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as pause } from 'node:timers/promises';

const ATTEMPTS = 3;
const LIMIT = 5 * 60 * 1000;

const [address, longest, file] = process.argv.slice(2);

class Refused extends Error {}

async function attempt() {
  const answer = await fetch(address, { signal: AbortSignal.timeout(LIMIT) });
  if (!answer.ok) {
    const why = `the server answered with status ${answer.status}`;
    throw answer.status < 500 && answer.status !== 429 ? new Refused(why) : new Error(why);
  }
  if (address.startsWith('https:') && !answer.url.startsWith('https:')) {
    throw new Refused('the server sent us to an address without https');
  }
  let left = Number(longest);
  const limit = new Transform({
    transform(chunk, encoding, done) {
      left -= chunk.length;
      done(left < 0 ? new Refused(`there is more than ${longest} bytes of it`) : null, chunk);
    },
  });
  await pipeline(Readable.fromWeb(answer.body), limit, createWriteStream(file, { mode: 0o600 }));
}

for (let number = 1; ; number++) {
  try {
    await attempt();
    break;
  } catch (problem) {
    if (problem instanceof Refused || number === ATTEMPTS) {
      process.stderr.write(`${problem.cause?.message ?? problem.message}\n`);
      process.exit(1);
    }
    await pause(number * 1000);
  }
}
