// The step: sees to a codex-auth and a Codex, and becomes codex-auth, which does everything else.
import { appendFileSync } from 'node:fs';
import { findCodexAuth } from './codex-auth.mjs';
import { installCodex } from './codex.mjs';
import { become, environmentOfStep, failWith, input, Problem } from './step.mjs';

try {
  const program = findCodexAuth(input('releases'));
  const environment = environmentOfStep();
  const version = input('codex-version');
  if (version) {
    const folder = installCodex(version);
    appendFileSync(process.env.GITHUB_PATH, `${folder}\n`);
    environment.PATH = [folder, environment.PATH].filter(Boolean).join(':');
  }
  appendFileSync(process.env.GITHUB_STATE, `program=${program}\n`);
  become(program, ['action'], environment);
} catch (problem) {
  if (!(problem instanceof Problem)) throw problem;
  failWith(problem);
}
