import { feature } from "topojson-client";
import type { GeometryCollection, Topology } from "topojson-specification";
import atlas from "world-atlas/countries-110m.json";
import { COUNTRY_CODES, SMALL_PLACES } from "./country-codes.ts";
import { equalEarth } from "./equal-earth.ts";

/** A country as a path, or as a dot where it is too small for one. */
export type Place =
  | { readonly kind: "shape"; readonly code: string; readonly path: string }
  | { readonly kind: "dot"; readonly code: string; readonly x: number; readonly y: number };

const WORLD = { width: 960, height: 430 } as const;
const SCALE = 176;
const MIDDLE_Y = 232;

/** Antarctica is left out: nobody reads from there, and it takes a fifth of the picture. */
const LEFT_OUT = "010";

/** Every country of the map, projected. */
export function worldPlaces(topology: Topology<{ countries: GeometryCollection }> = world()): readonly Place[] {
  const { features } = feature(topology, topology.objects.countries);
  const shapes = features
    .filter(({ id }) => id !== LEFT_OUT)
    .map((country): Place => ({
      kind: "shape",
      code: COUNTRY_CODES.get(String(country.id ?? "")) ?? "",
      path: ringsOf(country.geometry).map(ringPath).join(""),
    }));
  const dots = SMALL_PLACES.map(({ code, at }): Place => {
    const [x, y] = project(at[0], at[1]);
    return { kind: "dot", code, x, y };
  });
  return [...shapes, ...dots];
}

function world(): Topology<{ countries: GeometryCollection }> {
  const text: unknown = atlas;
  if (!isTopology(text)) throw new TypeError("The world map is not a topology of countries.");
  return text;
}

function isTopology(value: unknown): value is Topology<{ countries: GeometryCollection }> {
  return typeof value === "object" && value !== null && "objects" in value && "arcs" in value;
}

function project(longitude: number, latitude: number): readonly [number, number] {
  const [x, y] = equalEarth(longitude, latitude);
  return [WORLD.width / 2 + x * SCALE, MIDDLE_Y - y * SCALE];
}

type Ring = readonly (readonly number[])[];

function ringsOf(geometry: { readonly type: string; readonly coordinates?: unknown }): readonly Ring[] {
  if (geometry.type === "Polygon") return ringList(geometry.coordinates);
  if (geometry.type !== "MultiPolygon" || !Array.isArray(geometry.coordinates)) return [];
  return geometry.coordinates.flatMap(ringList);
}

function ringList(coordinates: unknown): readonly Ring[] {
  return Array.isArray(coordinates) ? coordinates : [];
}

/** Breaks where a ring jumps over the edge of the map. */
function ringPath(ring: Ring): string {
  let before: number | null = null;
  const parts = ring.map(([longitude = 0, latitude = 0]) => {
    const [x, y] = project(longitude, latitude);
    const jump = before !== null && Math.abs(longitude - before) > 180;
    const command = before === null || jump ? "M" : "L";
    before = longitude;
    return `${command}${x.toFixed(1)} ${y.toFixed(1)}`;
  });
  return `${parts.join("")}z`;
}
