import { WIDGETS } from "@community-stats/contract/widgets.ts";
import { describe, expect, it } from "vitest";
import { nearestName } from "./registry.ts";

const subjects =
  "ResourceTypes Subjects AccessStatuses Rights Affiliations Funders Periodicals Publishers Languages FileTypes".split(
    " ",
  );
const families = ["", "Delta", "Views", "ViewsDelta", "Downloads", "DownloadsDelta"];
const original = [
  ...["RecordCount", "Uploaders", "DataVolume", "Views", "Downloads", "Traffic"].flatMap((stat) => [
    `SingleStat${stat}`,
    `SingleStat${stat}Cumulative`,
  ]),
  ...["Content", "Traffic"].flatMap((chart) => [`${chart}StatsChart`, `${chart}StatsChartCumulative`]),
  ...subjects.flatMap((subject) => families.map((family) => `${subject}MultiDisplay${family}`)),
  ...["Countries", "Referrers"].flatMap((subject) => [
    `${subject}MultiDisplayViews`,
    `${subject}MultiDisplayViewsDelta`,
  ]),
  "MostDownloadedRecordsMultiDisplay",
  "MostViewedRecordsMultiDisplay",
  "StatsMap",
  "DateRangeSelector",
  "GranularitySelector",
  "ReportSelector",
  "StatsChart",
  "StatsTable",
  "SingleStatBox",
  "StatsPopup",
  "StatsMultiDisplay",
];
const manual = [
  "ResourceTypesTable",
  "AccessStatusTable",
  "RightsTable",
  "AffiliationsTable",
  "TopCountriesMultiDisplay",
  "TopReferrersMultiDisplay",
];
/** Names that neither of them has. */
const ours = ["SingleStatVisitors", "Text"];

describe("names of layouts", () => {
  it("are 91 in the original", () => expect(original).toHaveLength(91));
  it.each([...original, ...manual, ...ours])("%s is known", (name) => expect(WIDGETS.has(name)).toBe(true));
});

it.each([
  ["ResourceTypeTable", "ResourceTypesTable"],
  ["singlestatviews", "SingleStatViews"],
  ["Nonsense", null],
])("nearest name of %s is %s", (name, expected) => expect(nearestName(name)).toBe(expected));
