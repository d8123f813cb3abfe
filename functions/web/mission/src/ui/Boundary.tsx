import { Component, type ReactNode } from "react";
import { Icon } from "./Icon";

interface BoundaryProps {
  /** What is behind the boundary, as a person would call it. */
  name: string;
  children: ReactNode;
}

/** Keeps a defect in one part of the page from taking the rest with it, and says so in that part's place. */
export class Boundary extends Component<BoundaryProps, { failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError(): { failed: boolean } {
    return { failed: true };
  }

  override render(): ReactNode {
    if (!this.state.failed) return this.props.children;
    return (
      <div className="notice notice--error" role="alert">
        <span className="notice__icon">
          <Icon name="alert" size={18} />
        </span>
        <h3>{this.props.name} stopped working</h3>
        <p>This is a defect in this page, not in the system behind it. Loading it anew usually helps.</p>
        <button type="button" className="button" onClick={() => window.location.reload()}>
          Load again
        </button>
      </div>
    );
  }
}
