export { type Ailment, diagnose, type Finding, type Turn } from '../engine/doctor';
export { WINDOW } from '../engine/vitals';
