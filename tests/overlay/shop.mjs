// A page as sites have them, for what the overlay looks like over one.
export const SHOP = `<!DOCTYPE html><html lang="en"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Checkout</title>
<style>
 * { box-sizing: border-box } body { margin: 0; font: 16px/1.5 Georgia, serif; color: #2b2622; background: #faf7f2 } header { padding: 18px 32px; background: #fff; border-bottom: 1px solid #e7ded2; font-size: 22px }
 main { max-width: 980px; margin: 0 auto; padding: 32px 24px 400px } h1 { font-weight: 400 } .goods { display: grid; grid-template-columns: repeat(auto-fit, minmax(240px, 1fr)); gap: 20px }
 .good { background: #fff; border: 1px solid #e7ded2; border-radius: 8px; padding: 16px } .pic { height: 120px; border-radius: 6px; background: linear-gradient(135deg, #d8c3a5, #8e8d8a) }
 form { margin-top: 32px; display: grid; gap: 14px; max-width: 520px; background: #fff; padding: 20px; border: 1px solid #e7ded2; border-radius: 8px } label { display: grid; gap: 4px } input { font: inherit; padding: 8px 10px; border: 1px solid #b8aa98; border-radius: 6px }
 button { font: inherit; padding: 10px 16px; border: 0; border-radius: 6px; background: #7a4b2a; color: #fff; cursor: pointer } @media (max-width: 600px) { header { padding: 14px 18px } main { padding: 18px 16px 400px } }
</style>
<header>Hill &amp; Kiln</header>
<main><h1>Your basket</h1>
<div class="goods"><div class="good" id="mug"><div class="pic"></div><h3>Morning mug</h3><p>Stoneware, 300 ml, glazed by hand.</p><button id="add">Add to basket</button></div>
<div class="good" id="bowl"><div class="pic"></div><h3>Supper bowl</h3><p id="words">Each bowl is thrown on the wheel, and so each is a little different from the next one.</p><button>Add to basket</button></div>
<div class="good"><div class="pic"></div><h3>Tall jug</h3><p>Holds a litre.</p><a id="link" href="#more">More about it</a></div></div>
<form id="form" onsubmit="return false"><label>Full name <input id="name" autocomplete="name"></label><label>Street and number <input id="street"></label><label>Card number <input id="card" autocomplete="cc-number"></label><button id="pay">Pay 42.00</button></form>
</main></html>`;

/** Two people of the agents'. */
export const PEOPLE = [
  { id: 1, name: 'Justin', role: 'agent', watching: true, rtt: 34 },
  { id: 2, name: 'Amira', role: 'colleague', watching: true, rtt: 51 },
];
