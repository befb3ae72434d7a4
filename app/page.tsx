import { App } from '../components/App';
import { getRuntime } from '../lib/server/runtime/runtime';

export default function Page() {
  return <App file={getRuntime().file} />;
}
