/** Equal Earth projection (Šavrič, Patterson, Jenny 2018): areas keep their proportions. */
const [A1, A2, A3, A4] = [1.340264, -0.081106, 0.000893, 0.003796];
const M = Math.sqrt(3) / 2;

/** Longitude and latitude in degrees to a plane of about ±2.71 × ±1.32, y upward. */
export function equalEarth(longitude: number, latitude: number): readonly [x: number, y: number] {
  const l = (longitude * Math.PI) / 180;
  const t = Math.asin(M * Math.sin((latitude * Math.PI) / 180));
  const t2 = t * t;
  const t6 = t2 * t2 * t2;
  const x = (l * Math.cos(t)) / (M * (A1 + 3 * A2 * t2 + t6 * (7 * A3 + 9 * A4 * t2)));
  return [x, t * (A1 + A2 * t2 + t6 * (A3 + A4 * t2))];
}
