/** Shows an error in the page instead of the page. */
import { Component, type ReactNode } from 'react';
import { PageFailed } from './PageFailed';

interface Props {
  readonly children: ReactNode;
}

interface State {
  readonly error: Error | null;
}

/** A class, because React offers error boundaries in no other form. */
export class ErrorBoundary extends Component<Props, State> {
  override state: State = { error: null };

  static getDerivedStateFromError(error: Error): State {
    return { error };
  }

  override render() {
    const { error } = this.state;
    return error === null ? this.props.children : <PageFailed message={error.message} />;
  }
}
