import { visit } from "../visits.js"

document.querySelector("output").textContent = await visit().catch(String)
