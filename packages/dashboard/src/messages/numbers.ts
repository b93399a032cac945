const MINUS = "−";
const BINARY_UNITS = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"] as const;
const DECIMAL_UNITS = ["byte", "kilobyte", "megabyte", "gigabyte", "terabyte", "petabyte"] as const;

export interface NumberFormats {
  /** With separators, never shortened: 87,904. */
  full(value: number): string;
  /** For axes and donuts, and figures from `compactFrom` on: 87.9k. */
  compact(value: number): string;
  /** A share of one: whole per cents, "<1%" below 0.95 %, one decimal from 99.5 %. */
  percent(share: number): string;
  /** Base 1000, or 1024 if configured; one decimal under 100. */
  bytes(value: number): string;
  bytesExactly(value: number): string;
}

/** Formats for a locale; plain English follows British usage (k, 1 Jan 2026). */
export function numberFormats(locale: string, binarySizes: boolean): NumberFormats {
  const tag = locale === "en" ? "en-GB" : locale;
  const full = new Intl.NumberFormat(tag, { maximumFractionDigits: 2 });
  const compact = new Intl.NumberFormat(tag, { notation: "compact", maximumFractionDigits: 1 });
  const bytes = new Intl.NumberFormat(tag, { style: "unit", unit: "byte", unitDisplay: "long" });
  return {
    full: (value) => minus(full.format(value)),
    compact: (value) => minus(compact.format(value)),
    percent: (share) => minus(percent(tag, share)),
    bytes: (value) => minus(binarySizes ? binaryBytes(tag, value) : decimalBytes(tag, value)),
    bytesExactly: (value) => minus(bytes.format(value)),
  };
}

function minus(text: string): string {
  return text.replace("-", MINUS);
}

function percent(locale: string, share: number): string {
  const size = Math.abs(share);
  const whole = new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 0 });
  if (size > 0 && size < 0.0095) return `<${whole.format(0.01)}`;
  if (size < 0.995 || size >= 1) return whole.format(share);
  return new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 1 }).format(
    Math.min(0.999, size) * Math.sign(share),
  );
}

function scale(value: number, base: number, steps: number): { readonly step: number; readonly scaled: number } {
  let step = 0;
  let scaled = Math.abs(value);
  while (Math.round(scaled * 10) / 10 >= base && step < steps - 1) {
    scaled /= base;
    step += 1;
  }
  return { step, scaled: scaled * Math.sign(value) };
}

function decimals(scaled: number, step: number): number {
  return step > 0 && Math.abs(scaled) < 99.95 ? 1 : 0;
}

function decimalBytes(locale: string, value: number): string {
  const { step, scaled } = scale(value, 1000, DECIMAL_UNITS.length);
  const unit = DECIMAL_UNITS[step] ?? "byte";
  return new Intl.NumberFormat(locale, {
    style: "unit",
    unit,
    unitDisplay: step === 0 ? "narrow" : "short",
    maximumFractionDigits: decimals(scaled, step),
  })
    .format(scaled)
    .replace(/(\d)B$/, "$1 B");
}

function binaryBytes(locale: string, value: number): string {
  const { step, scaled } = scale(value, 1024, BINARY_UNITS.length);
  const number = new Intl.NumberFormat(locale, { maximumFractionDigits: decimals(scaled, step) }).format(scaled);
  return `${number} ${BINARY_UNITS[step] ?? "B"}`;
}
