import { addDays, dayNumber, daysOf, parseDay, type Day } from "@community-stats/contract/days.ts";
import type { ColumnsAnswer, ColumnSeries, Granularity, Period } from "@community-stats/contract/series.ts";

/** Invented numbers that look real: seeded by names, weekly rhythm, growth, one peak. */

interface Asked {
  readonly side: "records" | "usage";
  readonly kind: "delta" | "snapshot";
  readonly from: Day;
  readonly to: Day;
  readonly granularity: Granularity;
  readonly metric: string;
  readonly breakdown: string | null;
  readonly top: number;
  readonly values: readonly string[] | null;
}

/** What is pretended to be known. */
export interface World {
  readonly today: Day;
  readonly updatedAt: string;
  readonly asOf: Day;
  readonly firstDay: Day;
  readonly missing: ReadonlySet<string>;
}

const VALUES: Readonly<Record<string, readonly (readonly [string, string, number])[]>> = {
  resource_types: [
    ["publication-report", "Report", 0.7],
    ["dataset", "Dataset", 0.14],
    ["publication-article", "Journal article", 0.05],
    ["publication-other", "Other work", 0.04],
    ["publication-datamanagementplan", "Data management plan", 0.02],
    ["image-figure", "Figure", 0.012],
    ["video", "Video or audio", 0.01],
    ["poster", "Poster", 0.008],
  ],
  access_statuses: [
    ["open", "", 0.86],
    ["restricted", "", 0.08],
    ["embargoed", "", 0.04],
    ["metadata-only", "", 0.02],
  ],
  rights: [
    ["cc-by-4.0", "Creative Commons Attribution 4.0 International", 0.72],
    ["cc0-1.0", "Creative Commons Zero v1.0 Universal", 0.1],
    ["mit", "MIT License", 0.04],
  ],
  affiliations: [
    ["03sp", "UK Centre for Ecology & Hydrology", 0.16],
    ["052g", "Universitat Autònoma de Barcelona", 0.158],
    ["03qt", "Georgia State University", 0.13],
    ["0ukr", "جامعة القاهرة", 0.125],
    ["0aa", "Universidad de Concepción", 0.12],
    ["0bb", "北京大学", 0.119],
    ["0cc", "Carl von Ossietzky Universität Oldenburg with a long name of an institute in it", 0.1189],
    ["0dd", "Universität Duisburg-Essen", 0.118],
  ],
  languages: [
    ["eng", "English", 0.8],
    ["fra", "French", 0.04],
    ["spa", "Spanish", 0.01],
  ],
  countries: [
    ["US", "", 0.16],
    ["DE", "", 0.08],
    ["GB", "", 0.07],
    ["CN", "", 0.05],
    ["IN", "", 0.047],
    ["FR", "", 0.045],
    ["BR", "", 0.037],
    ["CA", "", 0.033],
    ["AU", "", 0.03],
    ["ES", "", 0.026],
    ["SG", "", 0.01],
    ["MT", "", 0.004],
  ],
  subjects: [
    ["s-eco", "Ecology", 0.21],
    ["s-hyd", "Hydrology", 0.14],
    ["s-ling", "Corpus linguistics", 0.09],
    ["s-med", "Epidemiology", 0.06],
    ["s-hist", "Economic history", 0.04],
  ],
  funders: [
    ["00k4n6c32", "European Commission", 0.31],
    ["021nxhr62", "National Science Foundation", 0.12],
    ["018mejw64", "Deutsche Forschungsgemeinschaft", 0.11],
    ["02b5d8509", "Natural Environment Research Council", 0.05],
  ],
  periodicals: [
    ["Earth System Science Data", "", 0.12],
    ["Journal of Open Source Software", "", 0.09],
    ["Scientific Data", "", 0.05],
  ],
  publishers: [
    ["Zenodo", "", 0.52],
    ["CERN", "", 0.11],
    ["Copernicus Publications", "", 0.05],
  ],
  file_types: [
    ["pdf", "", 0.61],
    ["csv", "", 0.14],
    ["zip", "", 0.11],
    ["nc", "", 0.03],
    ["png", "", 0.02],
  ],
  referrers: [
    ["scholar.google.com", "", 0.21],
    ["www.google.com", "", 0.18],
    ["github.com", "", 0.06],
    ["duckduckgo.com", "", 0.03],
  ],
};
const SCALE: Readonly<Record<string, number>> = {
  views: 440,
  downloads: 270,
  visitors: 260,
  dataVolume: 4.8e9,
  records: 0.8,
  uploaders: 0.5,
  fileCount: 2,
};

function daily(metric: string, day: Day): number {
  const number = dayNumber(day);
  const noise = ((number * 2654435761) % 1000) / 1000;
  const weekend = new Date(number * 86_400_000).getUTCDay() % 6 === 0 ? 0.55 : 1;
  const growth = 0.6 + (number - 18_200) / 5_000;
  const peak = day >= "2026-03-09" && day <= "2026-03-15" ? 1.9 : 1;
  const value = (SCALE[metric] ?? 10) * weekend * growth * peak * (0.75 + noise / 2);
  return metric === "records" && number % 97 === 0 ? -3 : Math.round(value);
}

export function inventedColumns(asked: Asked, world: World): ColumnsAnswer {
  const periods = periodsOf(asked, world);
  const total = seriesOf(asked, world, { periods, share: 1 });
  const known = VALUES[asked.breakdown ?? ""] ?? [];
  const shown = asked.values === null ? known.slice(0, asked.top) : known.filter(([id]) => asked.values?.includes(id));
  const parts: ColumnSeries[] = [{ kind: "total", id: "", label: "", ...total }];
  if (asked.breakdown !== null) {
    for (const [id, label, share] of shown) {
      parts.push({
        kind: "value",
        id,
        label: label === "" ? "" : { en: label },
        ...seriesOf(asked, world, { periods, share }),
      });
    }
    const rest = known.length - shown.length;
    if (rest > 0)
      parts.push({
        kind: "other",
        id: "",
        label: "",
        values: rest,
        ...seriesOf(asked, world, { periods, share: 0.03 }),
      });
    parts.push({ kind: "notStated", id: "", label: "", ...seriesOf(asked, world, { periods, share: 0.02 }) });
  }
  const asksToday = asked.to >= world.today;
  return {
    scope: "global",
    basis: "added",
    ...asked,
    series: parts,
    periods,
    valueCount: known.length,
    generated: true,
    asOf: world.asOf,
    firstDay: world.firstDay,
    ruleVersion: "3f9c2a77",
    updatedAt: `${world.today}T00:20:00.000Z`,
    missingDays: [...world.missing].filter((day) => day >= asked.from && day <= asked.to),
    incompleteDays: asksToday ? [world.today] : [],
  };
}

interface Part {
  readonly periods: readonly Period[];
  readonly share: number;
}

function seriesOf(asked: Asked, world: World, part: Part): Pick<ColumnSeries, "metrics" | "totals"> {
  let running = 0;
  if (asked.kind === "snapshot") {
    for (const day of daysOf({ from: world.firstDay, to: addDays(asked.from, -1) }))
      running += daily(asked.metric, day) * part.share;
  }
  let sum: number | null = null;
  const numbers = part.periods.map((period) => {
    let value: number | null = null;
    for (const day of daysOf({ from: dayIn(period.from), to: dayIn(period.to) })) {
      const outside =
        day < asked.from || day > asked.to || day > world.asOf || day < world.firstDay || world.missing.has(day);
      if (outside) continue;
      const number = whole(daily(asked.metric, day) * part.share, asked.kind === "delta" ? day : null);
      running += number;
      value = asked.kind === "snapshot" ? Math.round(running) : (value ?? 0) + number;
      sum = asked.kind === "snapshot" ? Math.round(running) : (sum ?? 0) + number;
    }
    return value;
  });
  return { metrics: { [asked.metric]: numbers }, totals: { [asked.metric]: sum } };
}

/** A part of less than one a day is one on some days, in changes; a total rounds at its end. */
function whole(value: number, day: Day | null): number {
  if (day === null || value >= 0.5 || value <= 0) return Math.round(value);
  return value > ((dayNumber(day) * 40503) % 1000) / 1000 ? 1 : 0;
}

function dayIn(text: string): Day {
  const day = parseDay(text);
  if (day === null) throw new RangeError(text);
  return day;
}

function periodsOf(asked: Asked, world: World): readonly Period[] {
  const periods: Period[] = [];
  let day = asked.from;
  while (day <= asked.to) {
    const period = periodAt(day, asked.granularity);
    periods.push({ ...period, state: stateOf(period, asked, world) });
    day = addDays(dayIn(period.to), 1);
  }
  return periods;
}

function periodAt(day: Day, granularity: Granularity): { readonly from: Day; readonly to: Day } {
  const [year, month] = [Number(day.slice(0, 4)), Number(day.slice(5, 7)) - 1];
  const span = (first: number, months: number) => ({
    from: dayIn(new Date(Date.UTC(year, first, 1)).toISOString().slice(0, 10)),
    to: dayIn(new Date(Date.UTC(year, first + months, 0)).toISOString().slice(0, 10)),
  });
  if (granularity === "day") return { from: day, to: day };
  if (granularity === "month") return span(month, 1);
  if (granularity === "quarter") return span(Math.floor(month / 3) * 3, 3);
  if (granularity === "year") return span(0, 12);
  const monday = addDays(day, -((dayNumber(day) + 3) % 7));
  return { from: monday, to: addDays(monday, 6) };
}

function stateOf(period: { readonly from: Day; readonly to: Day }, asked: Asked, world: World): Period["state"] {
  const days = [...daysOf(period)].filter((day) => day >= asked.from && day <= asked.to);
  const missing = days.filter((day) => world.missing.has(day)).length;
  if (missing > 0) return missing === days.length ? "missing" : "partial";
  if (period.to > world.asOf) return "open";
  return period.from < asked.from || period.to > asked.to ? "cut" : "complete";
}
