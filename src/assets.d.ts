declare module "*.png" {
  const path: string;
  export default path;
}

declare module "*.sql" {
  const text: string;
  export default text;
}
declare module "*.css" {
  const text: string;
  export default text;
}
declare module "*.pem" {
  const text: string;
  export default text;
}
/** Scripts of the pages, which browsers run as they are. */
declare module "./*.js" {
  const text: string;
  export default text;
}
declare module "*.svg" {
  const text: string;
  export default text;
}
