import { useEffect, useState, type ReactNode } from "react";
import type { Place } from "../charts/world.ts";

export interface WorldMapProps {
  readonly label: string;
  readonly describedBy: string;
  /** Class 1–6 of a country, 0 without a value. */
  readonly classOf: (code: string) => number;
  readonly titleOf: (code: string) => string;
}

const BOX = "0 0 960 430";

/** The world in six classes. Its shapes come after the page; the frame has its height from the start. */
export function WorldMap({ label, describedBy, classOf, titleOf }: WorldMapProps): ReactNode {
  const places = usePlaces();
  return (
    <figure className="map-figure">
      <svg
        className="map"
        viewBox={BOX}
        // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- the picture is drawn inside, it is not a file
        role="img"
        aria-label={label}
        aria-describedby={describedBy}
      >
        {places.map((place) =>
          place.kind === "shape" ? (
            <path key={`${place.code} ${place.path.length}`} className={fill(classOf(place.code))} d={place.path}>
              <title>{titleOf(place.code)}</title>
            </path>
          ) : classOf(place.code) === 0 ? null : (
            <circle
              key={place.code}
              className={`dot-place ${fill(classOf(place.code))}`}
              cx={place.x}
              cy={place.y}
              r={3.5}
            >
              <title>{titleOf(place.code)}</title>
            </circle>
          ),
        )}
      </svg>
    </figure>
  );
}

function fill(index: number): string {
  return index === 0 ? "land" : `seq-${index}`;
}

function usePlaces(): readonly Place[] {
  const [places, setPlaces] = useState<readonly Place[]>([]);
  useEffect(() => {
    let gone = false;
    const load = async (): Promise<void> => {
      const { worldPlaces } = await import("../charts/world.ts");
      if (!gone) setPlaces(worldPlaces());
    };
    void load();
    return () => {
      gone = true;
    };
  }, []);
  return places;
}
