import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { leanShaders } from './scripts/leanShaders';

export default defineConfig({
  base: './',
  plugins: [react(), leanShaders()],
  worker: { format: 'es', plugins: () => [leanShaders()] },
  server: { port: 5173 },
});
