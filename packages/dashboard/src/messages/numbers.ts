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

const FULL: Intl.NumberFormatOptions = { maximumFractionDigits: 2 };
/** German shortens no thousands, and would leave four digits without the point that five have. */
const COMPACT: Intl.NumberFormatOptions = { notation: "compact", maximumFractionDigits: 1, useGrouping: "always" };
const EXACT_BYTES: Intl.NumberFormatOptions = { style: "unit", unit: "byte", unitDisplay: "long" };

/** Formats for a locale; plain English follows British usage (k, 1 Jan 2026). */
export function numberFormats(locale: string, binarySizes: boolean): NumberFormats {
  const tag = locale === "en" ? "en-GB" : locale;
  const format = memoized((style) => new Intl.NumberFormat(tag, style));
  return {
    full: (value) => minus(format(FULL).format(value)),
    compact: (value) => minus(format(COMPACT).format(value)),
    percent: (share) => minus(percent(format, share)),
    bytes: (value) => minus(binarySizes ? binaryBytes(format, value) : decimalBytes(format, value)),
    bytesExactly: (value) => minus(format(EXACT_BYTES).format(value)),
  };
}

type Format = (style: Intl.NumberFormatOptions) => Intl.NumberFormat;

/** Making a format takes many times as long as using it. */
function memoized(make: Format): Format {
  const made = new Map<string, Intl.NumberFormat>();
  return (style) => {
    const key = Object.values(style).join(" ");
    const known = made.get(key) ?? make(style);
    made.set(key, known);
    return known;
  };
}

function minus(text: string): string {
  return text.replace("-", MINUS);
}

function percent(format: Format, share: number): string {
  const size = Math.abs(share);
  const whole = format({ style: "percent", maximumFractionDigits: 0 });
  if (size > 0 && size < 0.0095) return `<${whole.format(0.01)}`;
  if (size < 0.995 || size >= 1) return whole.format(share);
  return format({ style: "percent", maximumFractionDigits: 1 }).format(Math.min(0.999, size) * Math.sign(share));
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

function decimalBytes(format: Format, value: number): string {
  const { step, scaled } = scale(value, 1000, DECIMAL_UNITS.length);
  const unit = DECIMAL_UNITS[step] ?? "byte";
  return format({
    style: "unit",
    unit,
    unitDisplay: step === 0 ? "narrow" : "short",
    maximumFractionDigits: decimals(scaled, step),
  })
    .format(scaled)
    .replace(/(\d)B$/, "$1 B");
}

function binaryBytes(format: Format, value: number): string {
  const { step, scaled } = scale(value, 1024, BINARY_UNITS.length);
  const number = format({ maximumFractionDigits: decimals(scaled, step) }).format(scaled);
  return `${number} ${BINARY_UNITS[step] ?? "B"}`;
}
