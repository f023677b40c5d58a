import { Component, type ReactNode } from 'react';

interface Props {
  /** What is shown inside, as the start of a sentence. */
  what: string;
  /** Called before the content is tried again. */
  onRetry?(): void;
  children: ReactNode;
}

/** Keeps a fault in one part of the page from taking the rest away: says what happened and offers to try again. */
export class Shield extends Component<Props, { fault: string | null }> {
  override state = { fault: null };

  static getDerivedStateFromError(error: unknown) {
    return { fault: error instanceof Error ? error.message : String(error) };
  }

  private readonly retry = () => {
    this.props.onRetry?.();
    this.setState({ fault: null });
  };

  override render() {
    const { fault } = this.state;
    if (fault === null) return this.props.children;
    return (
      <div className="shield" role="alert">
        <p>
          <b>{this.props.what} could not be shown.</b> Training is not affected.
        </p>
        <p className="quiet">{fault}</p>
        <div>
          <button type="button" onClick={this.retry}>
            Try again
          </button>
          <button type="button" onClick={() => location.reload()} title="Runs are kept: training goes on where it is">
            Reload the page
          </button>
        </div>
      </div>
    );
  }
}
