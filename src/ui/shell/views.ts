import { type ComponentType, lazy } from 'react';
import type { ViewName } from '../../store/view';
import Overview from '../views/Overview';

/** Views load when they are first opened; the first one comes with the page. */
export const viewComponents: Record<ViewName, ComponentType> = {
  overview: Overview,
  logits: lazy(() => import('../views/Logits')),
  geometry: lazy(() => import('../views/Geometry')),
  rollouts: lazy(() => import('../views/Rollouts')),
  whatif: lazy(() => import('../views/WhatIf')),
  interference: lazy(() => import('../views/Interference')),
  runs: lazy(() => import('../views/Runs')),
};

/** Names and hints of the tabs. */
export const VIEW_NAMES: Record<ViewName, { label: string; hint: string }> = {
  overview: { label: 'Overview', hint: 'Reward, logits and held-out accuracy at a glance' },
  logits: { label: 'Logits', hint: 'How alike positive and negative pairs are, and the whole similarity matrix' },
  geometry: { label: 'Geometry', hint: 'Where rollouts lie in the embedding, over training, and what pulls on them' },
  rollouts: { label: 'Rollouts', hint: 'Every response by prompt, token by token' },
  whatif: { label: 'What if', hint: 'The next step on a frozen batch under other settings, before it is taken' },
  interference: { label: 'Interference', hint: 'How the domains’ gradients help or hinder each other' },
  runs: { label: 'Runs', hint: 'Kept runs: compare, resume, branch, export' },
};
