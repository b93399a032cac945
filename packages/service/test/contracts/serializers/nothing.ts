export const serializer = { id: "nothing" };
