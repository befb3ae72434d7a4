import { App } from '../components/App';
import { getRuntime } from '../lib/server/runtime/runtime';

/** `/`: the map. */
export default function Page() {
  return <App file={getRuntime().file} />;
}
