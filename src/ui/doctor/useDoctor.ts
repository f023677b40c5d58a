import { useStore } from 'zustand';
import { type DoctorState, doctor } from '../../store/doctor';

/** Something of what the doctor has found. */
export const useDoctor = <T>(pick: (state: DoctorState) => T): T => useStore(doctor, pick);
