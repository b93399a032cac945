import { z } from "zod";
import type { Variable } from "./variables.ts";

interface Shape {
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly anyOf?: readonly Shape[];
  readonly items?: Shape;
}

/** What a variable takes, in words: "a whole number from 0 to 65535". */
export function expectedText({ schema }: Variable): string {
  return words(z.toJSONSchema(schema, { io: "input", unrepresentable: "any" }) as Shape);
}

function words(shape: Shape): string {
  if (shape.enum !== undefined) return `one of ${shape.enum.map(String).join(", ")}`;
  if (shape.anyOf !== undefined) return shape.anyOf.map(words).join(" or ");
  if (Array.isArray(shape.type)) return shape.type.map((type: string) => words({ ...shape, type })).join(" or ");
  switch (shape.type) {
    case "boolean":
      return "true or false";
    case "integer":
      return `a whole number${bounds(shape)}`;
    case "number":
      return `a number${bounds(shape)}`;
    case "string":
      return "a text";
    case "array":
      return `a list, each ${words(shape.items ?? {})}`;
    case "object":
      return "a map";
    case "null":
      return "nothing (null)";
    default:
      return "a value";
  }
}

function bounds({ minimum, maximum = Number.MAX_SAFE_INTEGER }: Shape): string {
  const most = maximum === Number.MAX_SAFE_INTEGER ? "" : ` to ${maximum}`;
  if (minimum === undefined || minimum <= Number.MIN_SAFE_INTEGER) return most === "" ? "" : ` up${most}`;
  return most === "" ? ` of at least ${minimum}` : ` from ${minimum}${most}`;
}
