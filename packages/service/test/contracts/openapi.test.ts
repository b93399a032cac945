import { QUERIES, queryNamed } from "@community-stats/contract/queries.ts";
import type { FastifyInstance } from "fastify";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { COLUMNS_RESPONSE, PROBLEM, RESPONSES } from "../../src/http/response-schemas.ts";
import { exampleApp } from "./app.ts";

const R1 = "/api/stats-dashboard";
let app: FastifyInstance;

beforeAll(async () => {
  app = await exampleApp();
});
afterAll(() => app.close());

interface Operation {
  readonly parameters: readonly {
    readonly name: string;
    readonly required?: boolean;
    readonly schema: { readonly enum?: readonly string[] };
  }[];
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, unknown>> }>>;
}
interface Described {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, object>> };
}
const described = async (): Promise<Described> => (await app.inject({ url: `${R1}/openapi.json` })).json();

describe("openapi.json", () => {
  it("describes every query", async () => {
    const { openapi, paths } = await described();
    expect(openapi).toMatch(/^3\.1\./);
    for (const { name } of QUERIES) expect(paths[`${R1}/${name}`]).toHaveProperty("get");
  });

  it("refers only to what it holds", async () => {
    const document = await described();
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g)].map(
      ([, name]) => name,
    );
    expect(references.length).toBeGreaterThan(QUERIES.length);
    expect(Object.keys(document.components.schemas)).toEqual(expect.arrayContaining(references));
    expect(JSON.stringify(document)).not.toContain("$defs");
  });

  it.each(QUERIES.map(({ name }) => name))("names for %s exactly the parameters that are taken", async (name) => {
    const { paths } = await described();
    const parameters = paths[`${R1}/${name}`]?.["get"]?.parameters ?? [];
    const known = parameters.map((parameter) => parameter.name);
    const refused = (await app.inject({ url: `${R1}/${name}?nonsense=1` })).json();
    expect(refused.code).toBe("UNKNOWN_PARAMETER");
    const listed = /Use: (.*)\.$/.exec(refused.hint)?.[1]?.split(", ") ?? [];
    expect(known.toSorted()).toEqual([...listed, "format", "version"].toSorted());
  });

  it.each(QUERIES.filter(({ required }) => required === undefined).map(({ name }) => name))(
    "allows for %s what is allowed",
    async (name) => {
      const { paths } = await described();
      for (const { name: parameter, schema } of paths[`${R1}/${name}`]?.["get"]?.parameters ?? []) {
        const fixed = queryNamed(name)?.basis;
        for (const value of schema.enum ?? []) {
          const shape = parameter === "granularity" ? "&shape=columns" : "";
          const response = await app.inject({ url: `${R1}/${name}?${parameter}=${value}${shape}` });
          const isOther = parameter === "date_basis" && fixed !== null && fixed !== "added" && value !== fixed;
          expect([parameter, value, response.statusCode]).toEqual([parameter, value, isOther ? 400 : 200]);
        }
      }
    },
  );

  it.each(QUERIES.map(({ name, form }) => [name, form] as const))("describes the answer to %s", async (name, form) => {
    const response = await app.inject({
      url: `${R1}/${name}?record_id=r1`.replace(/\?.*/, form === "record-usage" ? "$&" : ""),
    });
    const schema = response.statusCode === 200 ? RESPONSES[form] : PROBLEM;
    expect(z.safeParse(schema, response.json()).error?.issues).toBeUndefined();
  });

  it.each(["shape=columns", "shape=totals", "shape=columns&breakdowns=global,countries&granularity=week"])(
    "describes columns: %s",
    async (search) => {
      const response = await app.inject({ url: `${R1}/usage-delta-category?${search}` });
      expect(z.safeParse(COLUMNS_RESPONSE, response.json()).error?.issues).toBeUndefined();
    },
  );

  it("lists the media types that are offered, and no other", async () => {
    const { paths } = await described();
    const types = Object.keys(paths[`${R1}/usage-delta-category`]?.["get"]?.responses["200"]?.content ?? {});
    const refused = await app.inject({ url: `${R1}/usage-delta-category`, headers: { accept: "image/png" } });
    expect(refused.json().hint).toBe(`Accept one of: ${types.join(", ")}.`);
  });
});

describe("the page of the API", () => {
  it("shows every operation and loads nothing, from here or elsewhere", async () => {
    const response = await app.inject({ url: `${R1}/docs` });
    expect(response.headers["content-type"]).toBe("text/html; charset=utf-8");
    expect(String(response.headers["content-security-policy"])).toContain("script-src 'self'");
    for (const { name } of QUERIES) expect(response.body).toContain(`GET ${R1}/${name}</h2>`);
    expect(response.body).not.toMatch(/<script|<link|<img|<iframe|src=|url\(|@import/i);
    const links = [...response.body.matchAll(/href="([^"]*)"/g)].map(([, address = ""]) => address);
    expect(links.filter((address) => !/^(#|\/|openapi\.json$)/.test(address))).toEqual([]);
  });
});
