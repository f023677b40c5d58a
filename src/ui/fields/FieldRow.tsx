import { memo } from 'react';
import { field } from '../../config/fields';
import { MixField } from './MixField';
import { NumberField } from './NumberField';
import { SeedField } from './SeedField';
import { ChoiceField, SwitchField, TextField } from './SimpleFields';

/** The control of one field of the configuration, by its kind; drawn anew only when that field changes. */
export const FieldRow = memo(function FieldRow({ path }: { path: string }) {
  if (path === 'seed') return <SeedField />;
  if (path.endsWith('.mix')) return <MixField path={path} />;
  const { kind } = field(path);
  if (kind === 'boolean') return <SwitchField path={path} />;
  if (kind === 'choice') return <ChoiceField path={path} />;
  if (kind === 'text') return <TextField path={path} />;
  return <NumberField path={path} />;
});
