import { type CurveChart, curveAt, drawCurves, drawCurvesLit } from '../../../charts/sweep/curves';
import { type DotChart, dotAt, drawDots, drawDotsLit } from '../../../charts/sweep/dots';
import { drawSurface, drawSurfaceLit, type SurfaceChart, surfacePointAt } from '../../../charts/sweep/surface';
import type { Kit } from './Layers';

/** How each kind of chart is drawn, lit and hit. */
export const DOTS: Kit<DotChart> = { draw: drawDots, lit: drawDotsLit, at: dotAt };
export const SURFACE: Kit<SurfaceChart> = { draw: drawSurface, lit: drawSurfaceLit, at: surfacePointAt };
export const CURVES: Kit<CurveChart> = { draw: drawCurves, lit: drawCurvesLit, at: curveAt };
