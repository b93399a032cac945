import type { ListedRecord, RecordListAnswer } from "@community-stats/contract/records.ts";

/** Lists of records with what is hard to draw: titles of a page's width, of one word, right to left, none, and deleted records. */

type Work = Pick<ListedRecord, "record" | "title" | "author" | "year"> & {
  readonly type: readonly [id: string, label: string] | null;
  readonly use: number;
  readonly deleted?: true;
};

const REPORT = ["publication-report", "Report"] as const;
const WORKS: readonly Work[] = [
  {
    record: "3723939",
    title:
      "A large-scale COVID-19 Twitter chatter dataset for open scientific research – an international collaboration",
    author: "Banda, Juan M.",
    year: 2023,
    type: ["dataset", "Dataset"],
    use: 10_686,
  },
  {
    record: "3831673",
    title: `Global assessment report on biodiversity and ecosystem services ${"of the Intergovernmental Platform ".repeat(11)}`,
    author: "IPBES",
    year: 2019,
    type: REPORT,
    use: 6_274,
  },
  {
    record: "7430682",
    title: "تقرير التقييم بشأن الأنواع الغريبة الغازية ومكافحتها في البلدان النامية خلال العقد الماضي",
    author: "جامعة القاهرة",
    year: 2024,
    type: REPORT,
    use: 5_378,
  },
  { record: "1234567", title: null, author: null, year: null, type: null, use: 4_932, deleted: true },
  { record: "11147276", title: "北京大学生物多样性数据集", author: "王伟", year: 2025, type: null, use: 4_341 },
  { record: "3553579", title: "Donau".repeat(50), author: null, year: null, type: REPORT, use: 3_725 },
  { record: "55", title: null, author: null, year: 2019, type: REPORT, use: 1 },
];

export interface RecordsAsked {
  readonly metric: RecordListAnswer["metric"];
  readonly from: string;
  readonly to: string;
  readonly limit: number;
}

export function inventedRecords(asked: RecordsAsked, freshness: Pick<RecordListAnswer, "asOf" | "firstDay">) {
  const records = WORKS.slice(0, asked.limit).map(listed);
  const whole = { views: 143_342, downloads: 87_904, dataVolume: 1.6e12 };
  const answer: RecordListAnswer = {
    ...asked,
    ...freshness,
    scope: "global",
    per: "parent",
    offset: 0,
    records,
    more: WORKS.length > records.length,
    count: WORKS.length,
    totals: whole,
    other: whole,
    generated: true,
    ruleVersion: "3f9c2a77",
    updatedAt: "2026-11-22T00:20:00.000Z",
    missingDays: [],
    incompleteDays: [],
  };
  return answer;
}

function listed({ record, title, author, year, type, use, deleted }: Work, index: number): ListedRecord {
  return {
    rank: index + 1,
    record,
    parent: record,
    state: deleted === true ? "deleted" : "public",
    title,
    author,
    year,
    resourceType: type === null ? null : { id: type[0], label: { en: type[1] } },
    metrics: {
      views: use,
      downloads: use,
      dataVolume: use * 1e6,
      viewVisitors: use,
      downloadVisitors: use,
      visitors: use,
    },
  };
}
