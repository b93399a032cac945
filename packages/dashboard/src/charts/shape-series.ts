import type { Palette } from "./palette.ts";
import type { Shape } from "./shapes.ts";

/** Puts ready shapes into a chart: a custom series that draws its n-th datum as the n-th shape. */
export function shapeSeries(shapes: readonly Shape[], palette: Palette): object {
  return {
    type: "custom",
    coordinateSystem: "none",
    silent: true,
    data: shapes.map((_, index) => [index]),
    renderItem: (item: { readonly dataIndex: number }) => elementOf(shapes[item.dataIndex], palette),
  };
}

function elementOf(shape: Shape | undefined, palette: Palette): object | null {
  if (shape === undefined) return null;
  if (shape.kind === "path") {
    const { decal, lineDash, ...style } = shape.style;
    return {
      type: "path",
      shape: { pathData: shape.path },
      style: {
        fill: "none",
        stroke: "none",
        lineJoin: "round",
        ...style,
        ...(lineDash === undefined || lineDash.length === 0 ? {} : { lineDash }),
        ...(decal === undefined ? {} : { decal }),
      },
    };
  }
  return {
    type: "text",
    style: {
      x: shape.x,
      y: shape.y,
      text: shape.text,
      fill: shape.style.color,
      font: `${shape.style.bold ? 600 : 400} ${shape.style.size}px ${palette.font}`,
      align: shape.style.align,
      verticalAlign: "middle",
    },
  };
}
