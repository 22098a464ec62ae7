export default function Portal() {
  return <h1>portal</h1>;
}
