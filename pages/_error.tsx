/** The page after an error on the server. */
import { PageFailed } from '../components/PageFailed';

export default function ServerError() {
  return <PageFailed message="The server could not render this page. The reason is in its log." />;
}

/** Makes this page rendered per request: its document needs the nonce of the request's policy. */
ServerError.getInitialProps = () => ({});
