import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { Copy, DockerfileParser, From, type Instruction } from 'dockerfile-ast';

import { repositoryRoot } from './workspace.js';

/** What a Containerfile makes: the last stage as a folder, and what would be started in it. */
export interface BuiltImage {
  /** Stands for `/` of the image. */
  readonly root: string;
  readonly entryPoint: readonly string[];
}

/**
 * Runs the steps of a Containerfile without a container: each stage is a folder, paths of the image are paths in it, and
 * commands run on this machine, with an empty HOME and none of our environment but PATH and the registry's settings.
 *
 * @param scratch an empty folder
 * @throws {Error} for a step that fails, and for an instruction that is not among those understood here
 */
export function buildContainer(containerfile: string, scratch: string): BuiltImage {
  const stages = new Map<string, string>();
  let [root, workFolder] = [scratch, '/'];
  let entryPoint: string[] = [];
  for (const instruction of DockerfileParser.parse(containerfile).getInstructions()) {
    const words = instruction.getArguments().map((argument) => argument.getValue());
    switch (instruction.getKeyword()) {
      case 'FROM': {
        root = join(scratch, `stage-${stages.size}`);
        workFolder = '/';
        mkdirSync(root, { recursive: true });
        stages.set((instruction instanceof From && instruction.getBuildStage()) || `${stages.size}`, root);
        break;
      }
      case 'WORKDIR':
        workFolder = words[0] ?? '/';
        mkdirSync(join(root, workFolder), { recursive: true });
        break;
      case 'COPY':
        copy(instruction, { stages, root, workFolder });
        break;
      case 'RUN':
        run(instruction.getArgumentsContent() ?? '', join(root, workFolder), join(scratch, 'home'));
        break;
      case 'USER':
        break;
      case 'ENTRYPOINT':
        entryPoint = words.map((word) => word.replace(/^\["?|^"|"?,?\]?$/g, ''));
        break;
      default:
        throw new Error(`${instruction.getKeyword()}: expected FROM, WORKDIR, COPY, RUN, USER or ENTRYPOINT`);
    }
  }
  return { root, entryPoint };
}

/** `COPY . .` from the repository, or `COPY --from=STAGE PATH PATH`. */
function copy(
  instruction: Instruction,
  { stages, root, workFolder }: { stages: ReadonlyMap<string, string>; root: string; workFolder: string },
): void {
  const stage = instruction instanceof Copy ? instruction.getFromFlag()?.getValue() : undefined;
  const [from = '', to = ''] = instruction.getArguments().map((argument) => argument.getValue());
  if (stage === undefined || stage === null) {
    copyRepository(join(root, workFolder), from, to);
    return;
  }
  const source = join(stages.get(stage) ?? missing(stage), from);
  cpSync(source, join(root, to), { recursive: true, verbatimSymlinks: true });
}

/** What is in the repository, as a fresh clone would have it: nothing that is built or installed. */
function copyRepository(folder: string, from: string, to: string): void {
  if (from !== '.' || to !== '.') throw new Error(`COPY: expected ". ." from the repository, got "${from} ${to}"`);
  const args = ['ls-files', '--cached', '--others', '--exclude-standard', '-z'];
  const files = execFileSync('git', args, { cwd: repositoryRoot, encoding: 'utf8' }).split('\0').filter(Boolean);
  for (const file of files) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    cpSync(join(repositoryRoot, file), join(folder, file), { force: true });
  }
}

function run(command: string, cwd: string, home: string): void {
  mkdirSync(home, { recursive: true });
  const kept = Object.entries(process.env).filter(([name]) => name === 'PATH' || /^npm_config_registry$/i.test(name));
  const env = { ...Object.fromEntries(kept), HOME: home };
  const options = { cwd, env, encoding: 'utf8', timeout: STEP_LIMIT_MS } as const;
  const { status, error, stdout, stderr } = spawnSync('sh', ['-c', command], options);
  if (status === 0) return;
  throw new Error(`RUN ${command}: ${error?.message ?? `exit code ${String(status)}`}\n${stdout}\n${stderr}`);
}

function missing(stage: string): never {
  throw new Error(`COPY --from=${stage}: there is no such stage`);
}

/** An installation and a build of everything: four minutes on two cores that have five other things to do. */
const STEP_LIMIT_MS = 400_000;
