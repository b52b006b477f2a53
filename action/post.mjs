// The post step, whatever became of the job: codex-auth saves and removes what the main step left to later steps.
import { become, environmentOfStep, failWith, Problem } from './step.mjs';

const program = process.env.STATE_program;
try {
  // Without one the main step got nowhere, and left nothing.
  if (program) become(program, ['action', '--post'], environmentOfStep());
} catch (problem) {
  if (!(problem instanceof Problem)) throw problem;
  failWith(problem);
}
