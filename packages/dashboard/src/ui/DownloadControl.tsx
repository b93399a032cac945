import { useState, type ReactNode } from "react";
import { downloadReport, REPORT_FORMATS, type ReportFormat } from "../api/report.ts";
import { useWords } from "../messages/words-context.ts";
import { usePage } from "../state/page-context.ts";
import { useAnnounce } from "./Announcer.tsx";
import { saveBlob } from "./export-drawing.ts";
import { Icon } from "./Icon.tsx";
import { Popup } from "./Popup.tsx";
import { Segmented } from "./Segmented.tsx";
import { reasonText } from "./States.tsx";
import { useCopy } from "./use-copy.ts";

/** The numbers of the page as a file, the page on paper, and its address. */
export function DownloadControl(): ReactNode {
  const words = useWords();
  return (
    <Popup
      className="btn quiet download"
      face={
        <>
          <Icon name="download" />
          <span className="word">{words.text("control.download")}</span>
        </>
      }
      label={words.text("control.download")}
      opens="dialog"
      name={words.text("control.download")}
      panel="download-pop"
      side="end"
    >
      {(close) => <DownloadForm onDone={close} />}
    </Popup>
  );
}

type Progress =
  | { readonly kind: "idle" }
  /** Bytes so far. */
  | { readonly kind: "busy"; readonly bytes: number }
  | { readonly kind: "failed"; readonly error: unknown };

function DownloadForm({ onDone }: { readonly onDone: () => void }): ReactNode {
  const words = useWords();
  const page = usePage();
  const announce = useAnnounce();
  const [format, setFormat] = useState<ReportFormat>("csv");
  const [progress, setProgress] = useState<Progress>({ kind: "idle" });
  const arrived = (bytes: number): void => setProgress({ kind: "busy", bytes });
  const start = async (): Promise<void> => {
    arrived(0);
    try {
      const asked = { apiBase: page.config.apiBase, scope: page.config.scope, ...page.range, format };
      const { name, blob } = await downloadReport(asked, arrived);
      saveBlob(name, blob);
      announce(words.text("control.downloaded", { name }));
      onDone();
    } catch (error) {
      setProgress({ kind: "failed", error });
    }
  };
  const busy = progress.kind === "busy";
  return (
    <>
      <p className="pop-title">{words.text("control.downloadWhat")}</p>
      <Segmented
        legend={words.text("control.downloadWhat")}
        className="formats"
        value={format}
        options={REPORT_FORMATS.map((value) => ({ value, label: words.text(`control.format.${value}`) }))}
        onChange={(value) => setFormat(REPORT_FORMATS.find((name) => name === value) ?? "csv")}
      />
      {progress.kind === "failed" ? (
        <p className="msg bad" role="alert">
          {words.text("control.downloadFailed", { reason: reasonText(words, progress.error) })}
        </p>
      ) : null}
      <p className="actions">
        {progress.kind === "busy" && progress.bytes > 0 ? (
          <span className="sub">
            {words.text("control.downloadSoFar", { size: words.numbers.bytes(progress.bytes) })}
          </span>
        ) : null}
        <button
          type="button"
          className="btn primary"
          aria-disabled={busy}
          onClick={() => void (busy ? undefined : start())}
        >
          {words.text(busy ? "control.downloading" : "control.download")}
        </button>
      </p>
      <hr />
      <OtherActions onDone={onDone} />
    </>
  );
}

/** The page on paper, and its address. */
function OtherActions({ onDone }: { readonly onDone: () => void }): ReactNode {
  const words = useWords();
  const page = usePage();
  const copy = useCopy();
  return (
    <p className="actions stack">
      <button
        type="button"
        className="btn quiet"
        onClick={() => {
          onDone();
          requestAnimationFrame(() => print());
        }}
      >
        <Icon name="print" />
        {words.text("control.print")}
      </button>
      <button
        type="button"
        className="btn quiet"
        onClick={() => {
          onDone();
          void copy(new URL(page.address(), location.href).href);
        }}
      >
        <Icon name="link" />
        {words.text("control.copyAddress")}
      </button>
    </p>
  );
}
