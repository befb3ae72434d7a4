/** The page after an error on the server. */
import { PageFailed } from '../components/PageFailed';

export default function ServerError() {
  return <PageFailed message="The server could not make this page; its log says why." />;
}

/** Makes this page rendered per request: its document needs the nonce of the request's policy. */
ServerError.getInitialProps = () => ({});
