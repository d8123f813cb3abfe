import { describe } from "../api/problem";
import { Icon } from "./Icon";

/** Why a form was not taken, in the words of the problem document. */
export function FormProblem({ error }: { error: unknown }) {
  const { title, detail } = describe(error);
  return (
    <p className="form-problem" role="alert">
      <Icon name="alert" />
      <span>
        <strong>{title}.</strong> {detail}
      </span>
    </p>
  );
}
