/** Findings of the collapse doctor; filled by its view. */
export const DoctorBadge = () => null;
