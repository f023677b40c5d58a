import { HYPER, HYPER_SIZE } from '../src/config/hyper';
import { addContrast, contrastResources } from '../src/engine/contrast';
import type { Backend, EntryTime } from '../src/gpu/backend';
import { Layout, type Plan, PlanBuilder } from '../src/gpu/plan';
import { STATS_SIZE, statOf } from '../src/kernels/metrics';
import type { ContrastContender } from './contrastPeers';
import { type BenchPool, DOMAINS, WEIGHTS, WIDTH } from './pool';

export interface OurContrast extends ContrastContender {
  plan: Plan;
  profile(repeats: number): Promise<EntryTime[]>;
}

/** The contrastive part of our plan on its own; it makes all of the page's diagnostics on the way. */
export async function ourContrast(backend: Backend, pool: BenchPool): Promise<OurContrast> {
  const { size, prompts } = pool;
  const shape = { pool: size, prompts, width: WIDTH, domains: DOMAINS };
  const hyper = new Float32Array(HYPER_SIZE);
  hyper[HYPER['contrast.tau']] = WEIGHTS.tau;
  hyper[HYPER['contrast.beta']] = WEIGHTS.beta;
  hyper[HYPER['contrast.gamma']] = WEIGHTS.gamma;
  const layout = new Layout(1);
  layout.add('hyper', 'f32', HYPER_SIZE);
  layout.add('stats', 'f32', STATS_SIZE);
  contrastResources(layout, shape);
  const builder = new PlanBuilder('contrast', layout);
  addContrast(builder, shape, { gradients: true, weighted: false });
  const plan = builder.build();
  const memory = await backend.allocate(layout);
  const program = await memory.compile(plan);
  memory.write('hyper', hyper);
  memory.write('contrast.u', pool.u);
  memory.write('contrast.reward', pool.reward);
  memory.write('contrast.prompt', pool.prompt);
  memory.write('contrast.domain', pool.domain);
  const at = statOf('loss/contrastive');
  const loss = async () => {
    const stats = await memory.read('stats');
    return stats[at] / stats[at + 1];
  };
  return {
    name: `MCPO Lab ${backend.kind}`,
    plan,
    profile: (repeats) => program.profile(repeats),
    async run() {
      program.run();
      return loss();
    },
    async answer() {
      program.run();
      return { loss: await loss(), du: (await memory.read('contrast.du')) as Float32Array };
    },
    destroy: () => memory.destroy(),
  };
}
