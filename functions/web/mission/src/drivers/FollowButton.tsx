import { followed } from "../map/commands";
import { Icon } from "../ui/Icon";
import { useStore } from "../ui/store";

/** Keeps the map centred on a driver until it is dragged or the button is pressed again. */
export function FollowButton({ driverId }: { driverId: string }) {
  const following = useStore(followed) === driverId;
  return (
    <button
      type="button"
      className="button follow"
      aria-pressed={following}
      onClick={() => followed.set(following ? null : driverId)}
    >
      <Icon name="follow" size={14} />
      {following ? "Following on the map" : "Follow on the map"}
    </button>
  );
}
