import { useEffect, useMemo } from 'react';
import { watchNextStep } from '../../store/whatif';
import { Empty } from '../Panel';
import { AgreementPanel } from '../whatif/AgreementPanel';
import { columnsOf } from '../whatif/columns';
import { EffectPanel } from '../whatif/EffectPanel';
import { FrozenBar } from '../whatif/FrozenBar';
import { GradientPanel } from '../whatif/GradientPanel';
import { Knobs } from '../whatif/Knobs';
import { LogitPanel } from '../whatif/LogitPanel';
import { ResponsePanel } from '../whatif/ResponsePanel';
import { useFrozen } from '../whatif/useVariants';
import '../whatif/whatif.css';
import '../whatif/effects.css';

/** The answer's panels; pale while a newer one is made. */
function Effects() {
  const { frozen, current } = useFrozen();
  // A variant that changes nothing is the run's own column.
  const columns = useMemo(() => frozen && columnsOf(frozen).filter((c) => c.variant === null || !c.same), [frozen]);
  if (!frozen || !columns)
    return (
      <section className="panel nothing" aria-label="Effect">
        <Empty>Here you see what the next step would do, before it is taken: to losses, logits and gradients.</Empty>
      </section>
    );
  return (
    <div className="effects" data-stale={!current || undefined}>
      <EffectPanel columns={columns} tau={frozen.run.config.contrast.tau} />
      <div className="stack">
        <LogitPanel frozen={frozen} columns={columns} />
        <ResponsePanel frozen={frozen} columns={columns} />
      </div>
      <div className="stack">
        <GradientPanel columns={columns} />
        <AgreementPanel columns={columns} />
      </div>
    </div>
  );
}

/** The counterfactual step: what the next update would do under other settings, before it is taken. */
export default function WhatIf() {
  useEffect(() => watchNextStep(), []);
  return (
    <div className="what-if">
      <FrozenBar />
      <Knobs />
      <Effects />
    </div>
  );
}
