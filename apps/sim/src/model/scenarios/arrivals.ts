import type { SeededRandom } from '@p2p/swarm/testing';

/** Times of a Poisson process, from its first event on, in seconds. */
export function poissonTimes(random: SeededRandom, perSecond: number, count: number): number[] {
  let at = 0;
  return Array.from({ length: count }, () => (at = wholeMillis(at + exponential(random) / perSecond)));
}

/**
 * A length with a Weibull distribution, in seconds. A shape below 1 gives many short and some very long ones, as sessions of
 * real swarms are (Stutzbach and Rejaie, 2006).
 */
export function weibullSeconds(random: SeededRandom, { mean, shape }: { mean: number; shape: number }): number {
  return wholeMillis((mean / gammaOf1Plus(1 / shape)) * exponential(random) ** (1 / shape));
}

/** With mean 1. */
function exponential(random: SeededRandom): number {
  return -Math.log((random.uint32() + 1) / 0x1_0000_0001);
}

/** Engines may differ in the last digit of a logarithm or a power; then runs must not. */
function wholeMillis(seconds: number): number {
  return Math.round(seconds * 1_000) / 1_000;
}

/** The gamma function of 1 + x, for x above 0: Lanczos' approximation, to nine digits. */
function gammaOf1Plus(x: number): number {
  const sum = LANCZOS.reduce((all, coefficient, index) => all + coefficient / (x + index + 1), LANCZOS_BASE);
  const t = x + LANCZOS.length - 0.5;
  return Math.sqrt(2 * Math.PI) * t ** (x + 0.5) * Math.exp(-t) * sum;
}

/** P. Godfrey's coefficients for g = 7 … */
const LANCZOS_BASE = 1;
const LANCZOS = [
  676.520_368_121_9, -1_259.139_216_722, 771.323_428_777_7, -176.615_029_162_1, 12.507_343_278_69, -0.138_571_095_27,
  9.984_369_58e-6, 1.505_632_74e-7,
];
