import { DEFAULT_BREAKDOWNS } from "@community-stats/contract/breakdowns.ts";
import { breakdownsOf } from "@community-stats/contract/subcounts.ts";
import { describe, expect, it } from "vitest";
import { addedFields, enrichedEvent, isSameEvent, type KnownRecords, recordValue } from "./enriching.ts";
import { enrichmentOf } from "./event-fields.ts";

const enrichment = enrichmentOf(DEFAULT_BREAKDOWNS);
const METADATA = {
  access: { status: "open" },
  metadata: {
    resource_type: { id: "dataset", title: { en: "Dataset" }, props: { type: "x" }, "@v": "1" },
    languages: [{ id: "eng", title: { en: "English" } }, { id: "deu" }],
    publisher: "House",
    rights: [{ id: "cc-by-4.0", title: { en: "CC BY" }, description: { en: "long" }, link: "https://example.org" }],
    funding: [{ funder: { id: "f1", name: "Fund" } }, { funder: { name: "No id" } }, { award: {} }],
    creators: [{ affiliations: [{ id: "a1", name: "Uni" }] }, {}],
    contributors: [{ affiliations: [{ name: "Lab" }] }],
  },
  custom_fields: { "journal:journal": { title: "Journal" } },
};

const RECORDS: KnownRecords = {
  valuesOf: (record) => {
    if (record !== "r1") return null;
    const values = enrichment.fields.map((field) => [field.name, recordValue(METADATA, field)] as const);
    return { values: new Map(values), fileTypes: ["pdf", "csv"] };
  },
  communitiesAt: (record, instant) => (record === "r1" ? [instant < 5000 ? "early" : "late"] : null),
};

const added = addedFields(enrichment, ["subjects", "funders"]);
const enriched = (type: "view" | "download", source: object) =>
  enrichedEvent({ ...source }, { type, enrichment, added, records: RECORDS });

describe("an enriched event", () => {
  it("has the values that breakdowns name, under the names that the original gave them, and no other key", () => {
    expect(enriched("view", { recid: "r1", timestamp: "1970-01-01T00:00:04" })).toEqual({
      recid: "r1",
      timestamp: "1970-01-01T00:00:04",
      community_ids: ["early"],
      enrichment: enrichment.configuration,
      access_status: "open",
      affiliations: [{ id: "a1", name: "Uni" }, { name: "Lab" }],
      file_types: ["pdf", "csv"],
      funders: [{ id: "f1", name: "Fund" }, { name: "No id" }],
      journal_title: "Journal",
      languages: [{ id: "eng", title: { en: "English" } }, { id: "deu" }],
      publisher: "House",
      resource_type: { id: "dataset", title: { en: "Dataset" } },
      rights: [{ id: "cc-by-4.0", title: { en: "CC BY" } }],
    });
  });

  it("has the communities of its second", () => {
    expect(enriched("view", { recid: "r1", timestamp: "1970-01-01T00:00:05" })["community_ids"]).toEqual(["late"]);
  });

  it("loses what an earlier enriching added, and keeps what only this repository has", () => {
    const event = enriched("view", { recid: "r1", subjects: [{ id: "s" }], own: { deep: 1 }, country: null });
    expect(event).not.toHaveProperty("subjects");
    expect(event).toMatchObject({ own: { deep: 1 }, country: null });
  });

  it("of an unknown record has nothing, and the communities that it came with", () => {
    const event = enriched("view", { recid: "?", timestamp: "1970-01-01T00:00:04", community_ids: ["told"] });
    expect(event).toMatchObject({ community_ids: ["told"], resource_type: null, file_types: null });
    expect(enriched("view", {})).toMatchObject({ community_ids: [] });
  });

  it.each([
    ["Data.CSV", ["csv"]],
    ["a.tar.gz", ["gz"]],
    ["README", null],
    ["odd.", null],
    [null, null],
  ])("of a download has the type of the file: %s", (file_key, expected) => {
    expect(enriched("download", { recid: "r1", file_key })["file_types"]).toEqual(expected);
  });
});

describe("two events", () => {
  const event = { recid: "r1", country: null, own: { deep: [1] } };
  it.each([
    ["are the same whatever was added to either", { ...event, funders: [], enrichment: "x" }, true],
    ["differ by a value", { ...event, country: "DE" }, false],
    ["differ deep inside", { ...event, own: { deep: [2] } }, false],
    ["differ by a field that one lacks", { recid: "r1", own: { deep: [1] } }, false],
    ["differ by a field that one has more", { ...event, labels: null }, false],
    ["differ by the name of a field", { recid: "r1", land: null, own: { deep: [1] } }, false],
  ])("%s", (_, other, expected) => {
    expect(isSameEvent(structuredClone(event), other, added)).toBe(expected);
  });
});

describe("a configuration", () => {
  it("has another digest when a field is added, and the same for the same fields", () => {
    const fewer = enrichmentOf(DEFAULT_BREAKDOWNS.filter(({ name }) => name !== "rights"));
    expect(fewer.configuration).not.toBe(enrichment.configuration);
    expect(enrichmentOf(DEFAULT_BREAKDOWNS.toReversed()).configuration).toBe(enrichment.configuration);
  });

  it("wants nothing for what the event says itself", () => {
    const names = enrichment.fields.map(({ name }) => name);
    expect(names).not.toContain("country");
    expect(names).not.toContain("subjects");
  });

  it("takes a breakdown of one's own by its name", () => {
    const own = breakdownsOf({
      keywords: {
        usage_events: {
          event_field: "keywords",
          extraction_path_for_event: "metadata.keywords",
          source_fields: [{ field: "keywords" }],
        },
      },
    });
    expect(enrichmentOf(own).fields).toMatchObject([{ name: "keywords", kind: "texts" }]);
  });
});
