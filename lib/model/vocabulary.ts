export * from './schema/vocabulary';
