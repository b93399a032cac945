import type { ReactNode } from "react";
import { ApiError, TIMEOUT_SECONDS } from "../api/http.ts";
import { useWords } from "../messages/words-context.ts";
import type { Words } from "../messages/words.ts";
import { Icon, type IconName } from "./Icon.tsx";

const BONES = [92, 71, 54, 41, 30, 22] as const;

/** Same frame, same height as what is coming. */
export function Skeleton({ name, height }: { readonly name: string; readonly height: number }): ReactNode {
  const words = useWords();
  return (
    <div className="skeleton" style={{ minBlockSize: height }}>
      <p className="sr">{words.text("state.loading", { name })}</p>
      <div className="bone w80" />
      <div className="bones" aria-hidden="true">
        {BONES.map((width) => (
          <i key={width} style={{ inlineSize: `${width}%` }} />
        ))}
      </div>
    </div>
  );
}

export interface FailedProps {
  readonly name: string;
  readonly error: unknown;
  readonly onRetry: () => void;
}

/** What failed, why if known, what still works, and a way on. */
export function Failed({ name, error, onRetry }: FailedProps): ReactNode {
  const words = useWords();
  const reference = error instanceof ApiError ? error.reference : null;
  return (
    <div className="msg bad" role="alert">
      <Icon name="warn" />
      <div>
        <p>
          <strong>{words.text("state.failed", { name })}</strong> {reasonText(words, error)}{" "}
          {words.text("state.spared")}
        </p>
        <p className="actions">
          <button type="button" className="btn" onClick={onRetry}>
            <Icon name="refresh" />
            {words.text("state.retry")}
          </button>
          {reference === null ? null : <span>{words.text("state.reference", { id: reference })}</span>}
        </p>
      </div>
    </div>
  );
}

export function reasonText(words: Words, error: unknown): string {
  if (!(error instanceof ApiError)) return words.text("state.failedDrawing");
  switch (error.reason) {
    case "timeout":
      return words.text("state.failedTimeout", { n: TIMEOUT_SECONDS });
    case "network":
      return words.text("state.failedNetwork");
    case "notFound":
    case "status":
      // The service speaks English.
      return (
        (words.locale.startsWith("en") ? error.detail : null) ??
        words.text("state.failedStatus", { status: error.status })
      );
  }
}

export interface EmptyProps {
  readonly title: string;
  readonly text?: string;
  readonly icon?: IconName;
  readonly children?: ReactNode;
}

/** What is empty, why if known, one next step. */
export function Empty({ title, text, icon, children }: EmptyProps): ReactNode {
  return (
    <div className="empty">
      {icon === undefined ? null : <Icon name={icon} big />}
      <p>
        <strong>{title}</strong>
      </p>
      {text === undefined ? null : <p>{text}</p>}
      {children}
    </div>
  );
}

export interface NoticeProps {
  readonly tone: "note" | "warn";
  readonly children: ReactNode;
}

export function Notice({ tone, children }: NoticeProps): ReactNode {
  return (
    <div className={`msg ${tone}`}>
      <Icon name={tone === "note" ? "refresh" : "warn"} />
      <p>{children}</p>
    </div>
  );
}
