import { CustomChart } from "echarts/charts";
import { GridComponent } from "echarts/components";
import { init, use, type EChartsCoreOption } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";

use([CustomChart, GridComponent, SVGRenderer]);

export type Option = EChartsCoreOption;

/** A drawing on an element of the page. */
export interface Canvas {
  draw(option: EChartsCoreOption, size: { readonly width: number; readonly height: number }): void;
  /** The drawing as a document of its own. */
  svg(): string;
  dispose(): void;
}

export function openCanvas(element: HTMLElement): Canvas {
  const chart = init(element, null, { renderer: "svg", width: 100, height: 100 });
  return {
    draw(option, size) {
      chart.resize({ ...size, silent: true });
      chart.setOption(option, { notMerge: true, silent: true });
    },
    svg: () => chart.renderToSVGString(),
    dispose: () => chart.dispose(),
  };
}
