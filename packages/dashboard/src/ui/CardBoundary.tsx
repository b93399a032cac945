import { Component, type ReactNode } from "react";
import { Failed } from "./States.tsx";

interface Props {
  readonly name: string;
  readonly children: ReactNode;
}

/** One part that cannot be drawn spares the rest. */
export class CardBoundary extends Component<Props, { readonly error: unknown }> {
  override state: { readonly error: unknown } = { error: null };

  static getDerivedStateFromError(error: unknown): { readonly error: unknown } {
    return { error };
  }

  override render(): ReactNode {
    if (this.state.error === null) return this.props.children;
    return (
      <section className="card">
        <Failed name={this.props.name} error={this.state.error} onRetry={() => this.setState({ error: null })} />
      </section>
    );
  }
}
