// Codex itself, of the version that a workflow asks for, in a folder of the job's own.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { environmentWithoutSecrets, Problem } from './step.mjs';

/**
 * Installs it by npm, which verifies what it fetches by the registry's own hashes, and runs no script of the package.
 *
 * @returns the folder to put on the PATH
 */
export function installCodex(version) {
  if (!/^\d+\.\d+\.\d+(-[a-z]+\.\d+)?$/.test(version)) {
    throw new Problem(`codex-version is '${version}', and has to be one version`, 'write it like: codex-version: 0.171.0');
  }
  const folder = mkdtempSync(join(process.env.RUNNER_TEMP, 'codex-'));
  // The program alone: npm's wrapper of it takes a node on the PATH, which a runner need not have.
  const name = `@openai/codex@${version}-${process.platform}-${process.arch}`;
  const [program, ...words] = npm();
  const options = ['--prefix', folder, '--ignore-scripts', '--no-save', '--no-audit', '--no-fund', '--loglevel=error'];
  const installed = spawnSync(program, [...words, 'install', ...options, name], {
    env: environmentWithoutSecrets(),
    stdio: ['ignore', 2, 2],
  });
  if (installed.status !== 0) {
    throw new Problem(
      `npm could not install ${name}${installed.error ? `: ${installed.error.message}` : ''}`,
      'is there such a version? npm view @openai/codex versions; or leave codex-version out, and use the Codex of the machine',
    );
  }
  const vendor = join(folder, 'node_modules/@openai/codex/vendor');
  for (const target of existsSync(vendor) ? readdirSync(vendor) : []) {
    const programs = join(vendor, target, 'bin');
    if (existsSync(join(programs, 'codex'))) return programs;
  }
  throw new Problem(`${name} has no Codex for this machine`, 'codex-version has to be 0.138.0 or newer');
}

/** The one that came with the runner's Node, else the machine's. */
function npm() {
  const ours = join(dirname(process.execPath), '../lib/node_modules/npm/bin/npm-cli.js');
  return existsSync(ours) ? [process.execPath, ours] : ['npm'];
}
