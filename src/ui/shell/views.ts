import { type ComponentType, lazy } from 'react';
import type { ViewName } from '../../store/view';
import Overview from '../views/Overview';

const loaders: Record<Exclude<ViewName, 'overview'>, () => Promise<{ default: ComponentType }>> = {
  logits: () => import('../views/Logits'),
  geometry: () => import('../views/Geometry'),
  rollouts: () => import('../views/Rollouts'),
  whatif: () => import('../views/WhatIf'),
  interference: () => import('../views/Interference'),
  sweep: () => import('../views/Sweep'),
  runs: () => import('../views/Runs'),
};

const loaded = new Map<ViewName, ComponentType>();

/** A view's component: it loads when it is first opened; the first view comes with the page. */
export function viewComponent(view: ViewName): ComponentType {
  if (view === 'overview') return Overview;
  const component = loaded.get(view) ?? lazy(loaders[view]);
  loaded.set(view, component);
  return component;
}

/** Lets a view that could not be loaded be loaded again. */
export const forgetView = (view: ViewName): void => void loaded.delete(view);

/** Names and hints of the tabs. */
export const VIEW_NAMES: Record<ViewName, { label: string; hint: string }> = {
  overview: { label: 'Overview', hint: 'Reward, logits and held-out accuracy at a glance' },
  logits: { label: 'Logits', hint: 'How alike positive and negative pairs are, and the whole similarity matrix' },
  geometry: { label: 'Geometry', hint: 'Where rollouts lie in the embedding, over training, and what pulls on them' },
  rollouts: { label: 'Rollouts', hint: 'Every response by prompt, token by token' },
  whatif: { label: 'What if', hint: 'The next step on a frozen batch under other settings, before it is taken' },
  interference: { label: 'Interference', hint: 'How the domains’ gradients help or hinder each other' },
  sweep: { label: 'Sweep', hint: 'Many configurations side by side: which settings are better, and how sure that is' },
  runs: { label: 'Runs', hint: 'Kept runs: compare, resume, branch, export' },
};
