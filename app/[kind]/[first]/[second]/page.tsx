export { default, generateMetadata } from '../../record';
