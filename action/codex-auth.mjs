// A codex-auth of this action's own version: the machine's, or the release's, whose checksum is verified in every job.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { accessSync, constants, mkdirSync, mkdtempSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { environmentWithoutSecrets, Problem, say } from './step.mjs';

const ARCHITECTURES = { x64: 'amd64', arm64: 'arm64' };
const LONGEST_ARCHIVE = 512 * 1024 * 1024;
const LONGEST_LIST = 64 * 1024;

const release = JSON.parse(readFileSync(new URL('release.json', import.meta.url)));

/**
 * The program's path.
 *
 * @param releases where releases lie; empty for those of the action's own repository
 */
export function findCodexAuth(releases) {
  const installed = onPath();
  if (installed) return installed;
  const platform = `${process.platform}-${ARCHITECTURES[process.arch]}`;
  if (!/^linux-(amd64|arm64)$/.test(platform)) {
    throw new Problem(
      `there is no codex-auth ${release.version} on the PATH, and none to download for ${process.platform} on ${process.arch}`,
      'install it on the machine; the README of this action says how',
    );
  }
  const folder = `codex-auth-${release.version}`;
  const place = mkdtempSync(join(process.env.RUNNER_TEMP, 'codex-auth-'));
  unpack(archive(`${folder}-${platform}.tar.gz`, platform, addressOf(releases)), place);
  return join(place, folder, 'bin', 'codex-auth');
}

/** Another version on the PATH is left alone: its inputs may be others. */
function onPath() {
  for (const folder of (process.env.PATH ?? '').split(delimiter).filter((name) => name.startsWith('/'))) {
    const program = join(folder, 'codex-auth');
    try {
      accessSync(program, constants.X_OK);
    } catch {
      continue;
    }
    const asked = spawnSync(program, ['--version'], { env: environmentWithoutSecrets(), encoding: 'utf8' });
    const version = /^codex-auth (\S+)/.exec(asked.stdout ?? '')?.[1];
    if (version === release.version) return program;
    say(`${program} is ${version ?? 'of no known version'}, and this action is of ${release.version}: it uses one of its own`);
    return undefined;
  }
  return undefined;
}

function addressOf(releases) {
  const repository = process.env.GITHUB_ACTION_REPOSITORY;
  if (!releases && !repository) {
    throw new Problem(
      `there is no codex-auth ${release.version} on the PATH, and an action out of the checkout has no releases`,
      'install it on the machine, or say where releases lie: with: releases: https://…',
    );
  }
  const address = (releases || `https://github.com/${repository}/releases/download`).replace(/\/+$/, '');
  if (!/^(https:\/\/|http:\/\/127\.0\.0\.1[:/])/.test(address)) {
    throw new Problem('the input releases is no https address', 'write it like: releases: https://artifacts.example.com/codex-auth');
  }
  return `${address}/v${release.version}`;
}

/**
 * The archive's bytes. They are read once, and verified after that: the cache is a folder that any job could have written to.
 */
function archive(name, platform, address) {
  const cached = join(process.env.RUNNER_TOOL_CACHE || process.env.RUNNER_TEMP, 'codex-auth', release.version, name);
  const wanted = release.sha256[platform] ?? published(name, address);
  const kept = read(cached);
  if (kept && sha256(kept) === wanted) return kept;
  const fetched = download(`${address}/${name}`, LONGEST_ARCHIVE);
  if (sha256(fetched) !== wanted) {
    throw new Problem(
      `${address}/${name} is not the file whose SHA-256 is ${wanted}: it has ${sha256(fetched)}`,
      'do not use it; look at what stands between this machine and the release, a proxy or a mirror',
    );
  }
  keep(cached, fetched);
  return fetched;
}

/** What the release says of itself; for revisions of this action that do not have it in release.json. */
function published(name, address) {
  say(`this revision of the action names no checksum for ${name}; the one in SHA256SUMS beside it is taken`);
  const list = download(`${address}/SHA256SUMS`, LONGEST_LIST).toString();
  const line = list.split('\n').find((entry) => /^[0-9a-f]{64} [ *]/.test(entry) && entry.slice(66) === name);
  if (!line) {
    throw new Problem(`${address}/SHA256SUMS has no line for ${name}`, 'use a revision of the action that was released');
  }
  return line.slice(0, 64);
}

function read(file) {
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
}

/** For the machine's next job. One that cannot keep it does without. */
function keep(file, bytes) {
  const aside = `${file}.${process.pid}`;
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(aside, bytes);
    renameSync(aside, file);
  } catch (problem) {
    say(`cannot keep the archive for the next job: ${problem.message}`);
  }
}

/** In a process of its own, since Node looks for the machine's proxy and authorities when it starts. */
function download(address, longest) {
  const file = join(mkdtempSync(join(process.env.RUNNER_TEMP, 'download-')), 'file');
  const script = fileURLToPath(new URL('download.mjs', import.meta.url));
  const fetched = spawnSync(process.execPath, [script, address, String(longest), file], {
    env: { ...environmentWithoutSecrets(), NODE_USE_ENV_PROXY: '1', NODE_USE_SYSTEM_CA: '1' },
    stdio: ['ignore', 'ignore', 'pipe'],
    encoding: 'utf8',
  });
  if (fetched.status !== 0) {
    throw new Problem(
      `cannot fetch ${address}: ${fetched.stderr?.trim().split('\n').pop() || fetched.signal || fetched.error?.message}`,
      `on a machine without a way there, install codex-auth ${release.version}, or name a mirror: with: releases: https://…`,
    );
  }
  return readFileSync(file);
}

function sha256(bytes) {
  return createHash('sha256').update(bytes).digest('hex');
}

function unpack(bytes, place) {
  const tar = spawnSync('tar', ['-x', '-z', '-f', '-', '-C', place, '--no-same-owner'], {
    input: bytes,
    stdio: ['pipe', 'ignore', 'pipe'],
    encoding: 'utf8',
    env: environmentWithoutSecrets(),
  });
  if (tar.status !== 0) {
    throw new Problem(
      `cannot unpack codex-auth in ${place}: ${tar.stderr?.trim() || tar.error?.message}`,
      'it takes tar and gzip, and 200 MB of space there',
    );
  }
}
