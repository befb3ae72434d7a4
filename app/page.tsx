export default function Page() {
  return <main>ifscope</main>;
}
