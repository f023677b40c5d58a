import { mix } from '../../charts/color';
import type { Palette } from '../../charts/palette';
import type { Cell } from '../../store/analysis';

/** The three kinds of pairs. */
export const ROLES = ['crossPositive', 'inDomainPositive', 'negative'] as const;
/** One of them. */
export type RoleName = (typeof ROLES)[number];

/** How a kind of pairs looks: as on the scale of logits, blue for what is drawn together, orange for what is pushed apart. */
export interface RoleStyle {
  label: string;
  color: string;
  /** Tells it apart without colour. */
  dash: readonly number[];
}

/** Looks of the kinds of pairs. */
export const roleStyles = ({ divergingStops: [low, , , some, high] }: Palette): Record<RoleName, RoleStyle> => ({
  crossPositive: { label: 'Across domains', color: high, dash: [] },
  inDomainPositive: { label: 'Within domain', color: mix(some, high, 0.4), dash: [6, 3] },
  negative: { label: 'Negative', color: low, dash: [2, 2.5] },
});

/** What the kinds of pairs are. */
export const ROLE_HINTS: Record<RoleName, string> = {
  crossPositive: 'two correct rollouts of different domains',
  inDomainPositive: 'two correct rollouts of one domain',
  negative: 'a correct and a wrong rollout',
};

/** What a cell's partner is to its anchor; `anchorCorrect`, `partnerCorrect`: whether each counts as correct. */
export function roleText(role: Cell['role'], anchorCorrect: boolean, partnerCorrect: boolean): { name: string; hint: string } {
  switch (role) {
    case 'cross-positive':
      return {
        name: 'positive across domains',
        hint: 'Two correct rollouts of different domains: the cross-domain loss (9) pulls them together.',
      };
    case 'in-domain positive':
      return {
        name: 'positive within the domain',
        hint: 'Two correct rollouts of one domain: the in-domain loss (10) pulls them together.',
      };
    case 'negative':
      return { name: 'negative', hint: 'The anchor is correct and its partner wrong: the anchor’s terms push the two apart.' };
    case 'self':
      return { name: 'itself', hint: 'A rollout is not compared with itself.' };
    default:
      return !anchorCorrect && partnerCorrect
        ? { name: 'no anchor', hint: 'Only correct rollouts are anchors. The other way round, this pair is a negative.' }
        : {
            name: 'not compared',
            hint: 'Two wrong rollouts, a rollout without a usable embedding, or two prompts where the scope is the prompt.',
          };
  }
}
