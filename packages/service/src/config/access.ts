import { isIP } from "node:net";
import { z } from "zod";
import { Secret } from "./secret.ts";

/** Who may read, and how much may be asked. */
export interface AccessSettings {
  /** Address of the repository without a trailing slash; null: nobody is asked, restricted communities are closed. */
  readonly repositoryUrl: string | null;
  readonly adminToken: Secret | null;
  readonly limits: Limits;
}

/** What a caller may ask of the service. 0 stands for "no limit" where a row says so. */
export interface Limits {
  /** Addresses and networks whose `X-Forwarded-For` is believed. */
  readonly trustedProxies: readonly string[];
  /** Requests a minute; 0: no limit. */
  readonly requestsPerAddress: number;
  /** Requests a minute with one bearer token, from wherever; 0: no limit. */
  readonly requestsPerToken: number;
  readonly bodyBytes: number;
  readonly queriesPerRequest: number;
  /** Days of one request. */
  readonly rangeDays: number;
  /** Files that are made at once. */
  readonly exportsAtOnce: number;
  /** Seconds in which a request must arrive whole. */
  readonly arrivalSeconds: number;
  /** Seconds after which the work for a request is given up. */
  readonly answerSeconds: number;
}

const DAYS_PER_YEAR = 365.2425;
const NETWORKS = ["loopback", "linklocal", "uniquelocal"];
const whole = (least: number, most: number) => z.number().int().min(least).max(most);

const repositoryUrl = z.string().superRefine((text, context) => {
  const mistake = text === "" ? null : addressMistake(text);
  if (mistake !== null) context.addIssue({ code: "custom", message: mistake });
});

function addressMistake(text: string): string | null {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !["http:", "https:"].includes(url.protocol)) {
    return "not an address; write it like https://repository.example";
  }
  if (url.username !== "" || url.password !== "") return "an address with a name or password in it; leave them out";
  return url.search === "" && url.hash === "" ? null : "an address with ? or #; leave that part out";
}

const SHORTEST_TOKEN = 16;
const adminToken = z
  .string()
  .refine((text) => text === "" || text.length >= SHORTEST_TOKEN, `shorter than ${SHORTEST_TOKEN} characters`)
  .refine((text) => /^[\x21-\x7e]*$/.test(text), "holds blanks or characters that a header cannot carry")
  .transform((text) => new Secret(text));

const proxies = z.string().superRefine((text, context) => {
  for (const part of splitProxies(text)) {
    if (!isNetwork(part)) context.addIssue({ code: "custom", message: `"${part}" is no address and no network` });
  }
});

function splitProxies(text: string): readonly string[] {
  return text
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "");
}

function isNetwork(text: string): boolean {
  if (NETWORKS.includes(text)) return true;
  const [address = "", bits, ...more] = text.split("/");
  const version = isIP(address);
  if (version === 0 || more.length > 0) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128));
}

/** Rows of the table of variables. */
export const ACCESS_VARIABLES = [
  {
    name: "COMMUNITY_STATS_INVENIO_URL",
    schema: repositoryUrl,
    default: "",
    meaning:
      "Address of the repository, which is asked who may read a restricted community; empty: restricted communities are closed.",
  },
  {
    name: "COMMUNITY_STATS_ADMIN_TOKEN",
    schema: adminToken,
    default: new Secret(""),
    secret: true,
    meaning: "Bearer token that may read every community, at least 16 characters; empty: there is none.",
  },
  {
    name: "COMMUNITY_STATS_HARVEST_TOKEN",
    schema: adminToken,
    default: new Secret(""),
    secret: true,
    meaning:
      "Bearer token of the repository for `harvest`, at least 16 characters; empty: only what guests see is fetched.",
  },
  {
    name: "COMMUNITY_STATS_TRUSTED_PROXIES",
    schema: proxies,
    default: "",
    meaning:
      "Proxies whose X-Forwarded-For names the caller: addresses, networks (10.0.0.0/8), loopback, linklocal, uniquelocal, by commas. Behind a proxy that is not named here all callers share one allowance.",
  },
  {
    name: "COMMUNITY_STATS_RATE_LIMIT_ADDRESS",
    schema: whole(0, 1_000_000),
    default: 1200,
    meaning: "Requests a minute from one address (of IPv6: one /64 network); 0: no limit.",
  },
  {
    name: "COMMUNITY_STATS_RATE_LIMIT_TOKEN",
    schema: whole(0, 1_000_000),
    default: 600,
    meaning: "Requests a minute with one bearer token, from all addresses together; 0: no limit.",
  },
  {
    name: "COMMUNITY_STATS_MAX_BODY_BYTES",
    schema: whole(1024, 16 << 20),
    default: 256 * 1024,
    meaning: "Largest body of a request.",
  },
  {
    name: "COMMUNITY_STATS_MAX_QUERIES",
    schema: whole(1, 1000),
    default: 50,
    meaning: "Most queries in one request.",
  },
  {
    name: "COMMUNITY_STATS_MAX_RANGE_YEARS",
    schema: whole(1, 300),
    default: 300,
    meaning: "Longest range of one query.",
  },
  {
    name: "COMMUNITY_STATS_MAX_EXPORTS",
    schema: whole(1, 100),
    default: 4,
    meaning: "Files (CSV, XLSX, XML) that are made at once; who comes on top is asked to come again.",
  },
  {
    name: "COMMUNITY_STATS_ARRIVAL_TIMEOUT",
    schema: whole(1, 600),
    default: 30,
    meaning: "Seconds in which a request must arrive whole; its headers in at most 10 of them.",
  },
  {
    name: "COMMUNITY_STATS_ANSWER_TIMEOUT",
    schema: whole(1, 3600),
    default: 120,
    meaning: "Seconds after which the work for a request is given up.",
  },
];

/** @param read gives the checked value of a variable. */
export function accessSettings(read: <T>(name: string, schema: z.ZodType<T>) => T): AccessSettings {
  const number = (name: string) => read(`COMMUNITY_STATS_${name}`, z.number());
  const url = read("COMMUNITY_STATS_INVENIO_URL", z.string()).replace(/\/+$/, "");
  const token = read("COMMUNITY_STATS_ADMIN_TOKEN", z.instanceof(Secret));
  return {
    repositoryUrl: url === "" ? null : url,
    adminToken: token.reveal() === "" ? null : token,
    limits: {
      trustedProxies: splitProxies(read("COMMUNITY_STATS_TRUSTED_PROXIES", z.string())),
      requestsPerAddress: number("RATE_LIMIT_ADDRESS"),
      requestsPerToken: number("RATE_LIMIT_TOKEN"),
      bodyBytes: number("MAX_BODY_BYTES"),
      queriesPerRequest: number("MAX_QUERIES"),
      rangeDays: Math.ceil(number("MAX_RANGE_YEARS") * DAYS_PER_YEAR),
      exportsAtOnce: number("MAX_EXPORTS"),
      arrivalSeconds: number("ARRIVAL_TIMEOUT"),
      answerSeconds: number("ANSWER_TIMEOUT"),
    },
  };
}
