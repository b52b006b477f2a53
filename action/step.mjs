// What the runner gives to a step, and how a step ends.
import { accessSync, constants, writeSync } from 'node:fs';

/** What a person has to know: what was found, and what to do about it. */
export class Problem extends Error {
  constructor(found, hint) {
    super(found);
    this.hint = hint;
  }
}

/** An input of action.yml; empty if it was not given. */
export function input(name) {
  return (process.env[`INPUT_${name.toUpperCase()}`] ?? '').trim();
}

/** The step's variables, by names that a shell hands on: one with a dash in it is dropped on the way. */
export function environmentOfStep() {
  return renamed((name) => (name.startsWith('INPUT_') ? name.replaceAll('-', '_') : name));
}

/** The step's variables without any input, secret or token, for programs that have no use for them. */
export function environmentWithoutSecrets() {
  const secret = /^(INPUT_|STATE_|ACTIONS_|CODEX_|OPENAI_|GITHUB_TOKEN$|GH_TOKEN$)/;
  return renamed((name) => (secret.test(name) ? undefined : name));
}

function renamed(rename) {
  return Object.fromEntries(
    Object.entries(process.env)
      .map(([name, value]) => [rename(name), value])
      .filter(([name]) => name !== undefined),
  );
}

/** A line for the log. Not by console, which would leave our output in a mode that the next program does not expect. */
export function say(sentence) {
  writeSync(2, `codex-auth: ${sentence}\n`);
}

/** Ends the step, and shows the problem on the run's page. */
export function failWith(problem) {
  const escaped = `${problem.message}\n${problem.hint}`.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
  writeSync(2, `codex-auth: error: ${problem.message}\ncodex-auth: hint: ${problem.hint}\n`);
  writeSync(2, `::error title=codex-auth::${escaped}\n`);
  process.exit(1);
}

/**
 * Replaces this process by a program. The runner's signals then reach it without us, and the inputs are in no environment
 * that another process could read for as long as the job runs.
 */
export function become(program, words, environment) {
  if (typeof process.execve !== 'function') {
    throw new Problem(`this action needs Node 24, and runs on ${process.version}`, 'update the runner, to 2.327.1 or newer');
  }
  try {
    accessSync(program, constants.X_OK);
  } catch {
    throw new Problem(`cannot execute ${program}`, 'is its folder mounted with noexec? look at it: findmnt --target "$RUNNER_TEMP"');
  }
  process.execve(program, [program, ...words], environment);
}
