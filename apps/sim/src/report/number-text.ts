/** `1.04×`: a multiple of the bound. */
export function ratioText(ratio: number): string {
  return Number.isFinite(ratio) ? `${ratio.toFixed(2)}×` : 'never';
}

/** `1,000`, whatever the machine's language. */
export function countText(count: number): string {
  return String(Math.round(count)).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** `96 %`, of a share from 0 to 1. Never 100 % when something is missing. */
export function percentText(share: number): string {
  const percent = share * 100;
  if (percent > 99 && percent < 100) return `${(Math.floor(percent * 10) / 10).toFixed(1)} %`;
  return `${Math.round(percent)} %`;
}

/** `12.4 s`, `310 s`. */
export function secondsText(seconds: number): string {
  return Number.isFinite(seconds) ? `${shortNumber(seconds)} s` : 'never';
}

/** Three significant digits, without needless zeros: `0.0123`, `1.5`, `12,000`. */
export function shortNumber(value: number): string {
  if (!Number.isFinite(value)) return 'never';
  if (Math.abs(value) >= 1000) return countText(value);
  return String(Number(value.toPrecision(3)));
}

/** `1.02×`, or `1.02 to 1.07×` where they differ. */
export function ratioRangeText(ratios: readonly number[]): string {
  const [least, most] = [ratioText(Math.min(...ratios)), ratioText(Math.max(...ratios))];
  return least === most ? least : `${least.replace('×', '')} to ${most}`;
}
